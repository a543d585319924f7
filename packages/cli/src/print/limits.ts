import {
  BASE_KIND,
  headroomWords,
  isUnreached,
  kindLabel,
  twiceWords,
  type Headroom,
  type Kind,
  type Limit,
  type Target,
} from '@hive/contract';
import type { Colors } from './terminal.js';
import { limitLine, regionLines, safeLines } from './training.js';

/** The learned limits of one target with when they were measured, and the kinds without one. */
export function targetLimitsText(
  { target, limits, traffic }: { target: Target; limits: readonly Limit[]; traffic: Headroom | null },
  colors: Colors,
): string[] {
  const where = target.nodes.map(({ url }) => url).join(', ');
  const tried = limits.filter(({ scenarios, status }) => scenarios > 0 && status !== 'not_applicable');
  const rest = limits.filter((limit) => !tried.includes(limit));
  const unreached = rest.filter(isUnreached);
  const apply = rest
    .filter((limit) => limit.status !== 'not_applicable' && !unreached.includes(limit))
    .map(({ kind }) => kind);
  const not = rest.filter(({ status }) => status === 'not_applicable').map(({ kind }) => kind);
  return [
    `${colors.bold(target.id)}  ${where}  ${target.objectives.join(' ')}`,
    ...tried.flatMap((limit) => [
      limitLine(limit, colors),
      ...safeLines(limit),
      ...regionLines(limit),
      ...measuredLines(limit),
    ]),
    ...trafficLines(traffic, limits.find(({ kind }) => kind === BASE_KIND)?.safe ?? null),
    ...unreached.map((limit) => `  ${kindLabel(limit.kind)}: not measured yet, ${limit.reason ?? ''}`),
    ...kindsLine('not measured yet', apply),
    ...kindsLine('do not apply (hive generate shows why)', not),
  ];
}

function trafficLines(traffic: Headroom | null, safe: number | null): string[] {
  if (traffic === null) return [];
  const twice = twiceWords(traffic);
  return [`  ${headroomWords(traffic, safe)}`, ...(twice === '' ? [] : [`  ${twice}`])];
}

function measuredLines({ updatedAt }: Limit): string[] {
  if (updatedAt === null) return [];
  return [`  ${' '.repeat(18)} measured ${updatedAt.slice(0, 16).replace('T', ' ')} UTC`];
}

function kindsLine(what: string, kinds: readonly Kind[]): string[] {
  return kinds.length === 0 ? [] : [`  ${what}: ${kinds.map(kindLabel).join(', ')}`];
}
