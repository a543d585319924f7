/** Options of curl, hey, wrk, k6, vegeta and ab, and what Hive calls them. Those of one letter have no likeness to go by. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '-z': '-d TIME',
  '-q': '-r RATE',
  '-t': '--threads N or --timeout TIME',
  '-m': '-X METHOD',
  '-T': "-H 'content-type: TYPE'",
  '-A': "-H 'accept: TYPE' or -H 'user-agent: NAME'",
  '-b': "-H 'cookie: NAME=VALUE'",
  '-s': '--timeout TIME',
  '-i': '--quiet',
  '-D': '--body @FILE',
  '--vus': '-c N',
  '--concurrency': '-c N',
  '--method': '-X METHOD',
  '--data-binary': '--body @FILE',
  '--disable-keepalive': '--no-keepalive',
  '--cookie': "-H 'cookie: NAME=VALUE'",
  '--user-agent': "-H 'user-agent: NAME'",
  '--iterations': '-n N',
  '--max-time': '--timeout TIME',
};

/** What Hive calls an unknown option of another tool, as a hint; null: it has no such thing. */
export function nearest(message: string): string | null {
  const unknown = /unknown option '([^']+)'/.exec(message)?.[1]?.replace(/=.*/, '') ?? '';
  const own = Object.hasOwn(ELSEWHERE, unknown) ? ELSEWHERE[unknown] : undefined;
  return own === undefined ? null : `write ${own} in place of ${unknown}`;
}
