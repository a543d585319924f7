/** A function whose module is loaded when it is first called: what only some commands need must not make every start slower. */
export function later<Arguments extends unknown[], Result>(
  load: () => Promise<(...given: Arguments) => Result | Promise<Result>>,
): (...given: Arguments) => Promise<Result> {
  return async (...given) => (await load())(...given);
}
