/** A function whose module is loaded when it is first called: what only some commands need must not make every start slower. */
export function later<Arguments extends unknown[], Result>(
  load: () => Promise<(...given: Arguments) => Result | Promise<Result>>,
): (...given: Arguments) => Promise<Result> {
  return async (...given) => (await load())(...given);
}

/** The same for what yields events: its module is loaded when the first of them is asked for. */
export function laterEvents<Arguments extends unknown[], Event, Result>(
  load: () => Promise<(...given: Arguments) => AsyncGenerator<Event, Result>>,
): (...given: Arguments) => AsyncGenerator<Event, Result> {
  return async function* (...given) {
    return yield* (await load())(...given);
  };
}
