/** Asks a Prometheus server for the value of a query now: the address of its HTTP API. */
export function queryUrl(prometheus: string, query: string): URL {
  const url = new URL(prometheus);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/query`;
  url.searchParams.set('query', query);
  return url;
}

/** Of the answer of Prometheus' HTTP API to an instant query; null: it is none, or of another type. */
export function valuesIn(text: string): number[] | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return null;
  }
  const data = fieldOf(answer, 'data');
  const result = fieldOf(data, 'result');
  if (!Array.isArray(result)) return null;
  if (fieldOf(data, 'resultType') === 'scalar') return [numberOf(result)];
  if (fieldOf(data, 'resultType') !== 'vector') return null;
  return result.map((sample: unknown) => numberOf(fieldOf(sample, 'value')));
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const INFINITE: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity };

/** A sample is a time and a value, the value as text. */
function numberOf(sample: unknown): number {
  const text: unknown = Array.isArray(sample) ? sample[1] : undefined;
  return typeof text === 'string' && text !== '' ? (INFINITE[text] ?? Number(text)) : NaN;
}
