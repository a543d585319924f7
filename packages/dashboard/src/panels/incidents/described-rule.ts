import { BASE_KIND, type Condition, type Kind, type Rule, type RuleInput } from '@hive/contract';
import { labelsIn, sayLabels } from '../labels-text';

/** Which channels hear of its incidents, or of those of them with some labels. */
export interface DescribedRoute {
  /** Empty: of all. */
  when: string;
  to: readonly string[];
}

/** A rule as a form holds it: texts, of all that it may ask. */
export interface DescribedRule {
  name: string;
  /** Empty: every target. */
  target: string;
  type: Condition['type'];
  results: 'fail' | 'degraded' | 'both';
  kind: Kind;
  safeBelow: string;
  below: string;
  /** Empty: any. */
  schedule: string;
  /** Empty: any. */
  region: string;
  severity: Rule['severity'];
  remindMinutes: string;
  labels: string;
  /** To which channels it goes; none: to all whose own labels fit. */
  routes: readonly DescribedRoute[];
}

const EMPTY: DescribedRule = {
  name: '',
  target: '',
  type: 'checks',
  results: 'fail',
  kind: BASE_KIND,
  safeBelow: '',
  below: '1.3',
  schedule: '',
  region: '',
  severity: 'page',
  remindMinutes: '',
  labels: '',
  routes: [],
};

/** The form of a rule; null: of a new one. */
export function describeRule(rule: Rule | null): DescribedRule {
  if (rule === null) return EMPTY;
  const { name, target, severity, remindMinutes, labels, routes } = rule;
  return {
    ...EMPTY,
    ...conditionOf(rule.when),
    name,
    severity,
    routes: routes.map(({ when, to }) => ({ when: sayLabels(when), to })),
    target: target ?? '',
    remindMinutes: remindMinutes?.toString() ?? '',
    labels: sayLabels(labels),
  };
}

function conditionOf(when: Condition): Partial<DescribedRule> {
  switch (when.type) {
    case 'checks':
      return { type: 'checks', results: when.results.length > 1 ? 'both' : (when.results[0] ?? 'fail') };
    case 'limit':
      return { type: 'limit', kind: when.kind, safeBelow: String(when.safeBelow) };
    case 'headroom':
      return { type: 'headroom', below: String(when.below) };
    case 'schedule':
      return { type: 'schedule', schedule: when.schedule ?? '' };
    case 'load_generators':
      return { type: 'load_generators', region: when.region ?? '' };
    case 'worse':
      return { type: 'worse' };
  }
}

/** What the API is sent; it says what is wrong with it. */
export function ruleOf(form: DescribedRule, on: boolean): RuleInput {
  const { name, target, severity, remindMinutes, labels, routes } = form;
  return {
    name,
    severity,
    on,
    routes: routes.map(({ when, to }) => ({ when: labelsIn(when), to: [...to] })),
    when: sentCondition(form),
    labels: labelsIn(labels),
    // What is about load generators is about no target.
    ...(target === '' || form.type === 'load_generators' ? {} : { target }),
    ...(remindMinutes.trim() === '' ? {} : { remindMinutes: Number(remindMinutes) }),
  };
}

function sentCondition({ type, ...form }: DescribedRule): Condition {
  switch (type) {
    case 'checks':
      return { type, results: form.results === 'both' ? ['fail', 'degraded'] : [form.results] };
    case 'limit':
      return { type, kind: form.kind, safeBelow: Number(form.safeBelow) };
    case 'headroom':
      return { type, below: Number(form.below) };
    case 'schedule':
      return { type, ...(form.schedule === '' ? {} : { schedule: form.schedule }) };
    case 'load_generators':
      return { type, ...(form.region === '' ? {} : { region: form.region }) };
    case 'worse':
      return { type };
  }
}

/** A rule as it is sent to be replaced by itself. */
export function ruleInput({ name, target, when, severity, labels, remindMinutes, routes, on }: Rule): RuleInput {
  return {
    name,
    when,
    severity,
    labels,
    routes,
    on,
    ...(target === null ? {} : { target }),
    ...(remindMinutes === null ? {} : { remindMinutes }),
  };
}
