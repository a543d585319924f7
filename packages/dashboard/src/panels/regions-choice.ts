import { regionsWords, type Fleet, type Regions, type SessionRow } from '@hive/contract';

/** What may send the load of a session. */
export interface SenderChoice {
  value: string;
  text: string;
  /** What is asked for; absent: what the target says. */
  regions?: Regions | 'here';
}

const HERE: SenderChoice = { value: 'here', text: 'this machine', regions: 'here' };

/**
 * Who can send the load of a target, the default first: what the target says or, where it says nothing, this machine. What is asked for is among
 * them, though nobody there has joined. None where there is nothing to choose.
 */
export function senderChoices(
  fleet: Fleet | null,
  own: Regions | undefined,
  asked?: Regions | 'here',
): readonly SenderChoice[] {
  const joined = fleet?.loadGenerators.filter(({ joined: isIn }) => isIn) ?? [];
  if (joined.length === 0 && asked === undefined) return [];
  const names = [...new Set(joined.flatMap(({ region }) => region ?? []))].toSorted();
  const even = Object.fromEntries(names.map((name) => [name, Math.round(100 / names.length)]));
  const choices: SenderChoice[] = [
    ...(own === undefined ? [] : [{ value: 'target', text: `${regionsWords(own)} (as the target says)` }]),
    HERE,
    ...(joined.length === 0 ? [] : [{ value: 'all', text: regionsWords('all'), regions: 'all' as const }]),
    ...(names.length > 1 ? [{ value: 'even', text: regionsWords(even), regions: even }] : []),
    ...names.map((name) => ({ value: `region ${name}`, text: name, regions: { [name]: 1 } })),
    ...(asked === undefined ? [] : [{ value: 'asked', text: sayRegions(asked), regions: asked }]),
  ];
  const said = new Set(own === undefined ? [] : [regionsWords(own)]);
  return choices.filter(({ text }) => !said.has(text) && said.add(text));
}

/** The one of the choices that is asked for, in whichever words. */
export function askedChoice(
  choices: readonly SenderChoice[],
  asked: Regions | 'here' | undefined,
): SenderChoice | undefined {
  const [usual] = choices;
  return asked === undefined ? usual : (choices.find(({ text }) => text === sayRegions(asked)) ?? usual);
}

function sayRegions(regions: Regions | 'here'): string {
  return regions === 'here' ? HERE.text : regionsWords(regions);
}

/** Whose load a session was; undefined: this machine's. */
export function regionsOf({ metrics }: SessionRow): Regions | undefined {
  const { regions } = metrics;
  return isRegions(regions) ? regions : undefined;
}

/** Whether something says who sends load: all, or a share for each region. */
export function isRegions(value: unknown): value is Regions {
  if (value === 'all') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const shares: unknown[] = Object.values(value);
  return shares.length > 0 && shares.every((share) => typeof share === 'number' && share > 0);
}

/** The choice as it is shown: while a session runs, what that session was asked for. */
export function shownSender(
  choices: readonly SenderChoice[],
  chosen: string | null,
  running: SessionRow | undefined,
): { choices: readonly SenderChoice[]; choice: SenderChoice | undefined } {
  if (running === undefined) {
    const choice = choices.find(({ value }) => value === chosen) ?? choices[0];
    return { choices, choice };
  }
  const sent = regionsOf(running);
  const choice = sent === undefined ? HERE : { value: 'sent', text: regionsWords(sent), regions: sent };
  return { choices: choices.length === 0 && sent === undefined ? [] : [choice], choice };
}
