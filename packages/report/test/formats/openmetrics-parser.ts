/** A metric family as it was read. */
export interface ReadFamily {
  type: string;
  unit: string | null;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const HEAD = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME})(?: (.*))?$`);
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  gauge: [''],
  counter: ['_total', '_created'],
  info: ['_info'],
  summary: ['', '_sum', '_count', '_created'],
};

/** Reads OpenMetrics 1.0 text as strictly as its specification: throws at the first line that is not allowed where it stands. */
export function parseOpenMetrics(text: string): Map<string, ReadFamily> {
  if (!text.endsWith('# EOF\n')) throw new Error('does not end with # EOF');
  const families = new Map<string, ReadFamily>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const head = HEAD.exec(line);
    if (head) {
      const [, what, name, rest = ''] = head as unknown as [string, string, string, string | undefined];
      if (name !== current && families.has(name)) throw new Error(`${name} is not in one piece`);
      const family = families.get(name) ?? { type: 'unknown', unit: null, samples: [] };
      if (family.samples.length > 0) throw new Error(`${what} of ${name} comes after its samples`);
      if (what === 'TYPE') family.type = rest;
      if (what === 'UNIT') family.unit = rest;
      if (what === 'UNIT' && !name.endsWith(`_${rest}`)) throw new Error(`${name} does not end with its unit ${rest}`);
      families.set(name, family);
      current = name;
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new Error(`is neither a comment nor a sample: ${line}`);
    const [, name, labelText = '', value] = sample as unknown as [string, string, string | undefined, string];
    const family = families.get(current);
    if (!family || !(SUFFIXES[family.type] ?? []).some((suffix) => name === `${current}${suffix}`)) {
      throw new Error(`${name} is no sample of ${current}, a ${family?.type}`);
    }
    if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) throw new Error(`${value} is no number`);
    const labels = labelsOf(labelText);
    const key = `${name}${JSON.stringify(Object.entries(labels).toSorted())}`;
    if (seen.has(key)) throw new Error(`${key} is there twice`);
    seen.add(key);
    family.samples.push({ name, labels, value: Number(value) });
  }
  return families;
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (!match) throw new Error(`labels cannot be read: ${text}`);
    const [, name, value] = match as unknown as [string, string, string];
    if (name in labels) throw new Error(`label ${name} is there twice`);
    labels[name] = value.replaceAll(/\\([\\"n])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
  }
  return labels;
}
