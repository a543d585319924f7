import type { IncidentDetail, ServiceCheck } from '@hive/contract';
import { figure, plural } from '../../ui/format';

/** From this load on, checks may be late because of Hive's own machine. */
const BUSY_LOAD = 1;

/** Is it the target, or is it Hive? What other targets and Hive's own machine say about that, in sentences. */
export function sayWhetherReal({ incident, others, machine }: IncidentDetail): string[] {
  if (incident.target === null) return ['This is about Hive itself, not about one target.', sayMachine(machine)];
  return [sayOthers(others), sayMachine(machine)];
}

function sayOthers(others: IncidentDetail['others']): string {
  const usable = others.filter(({ result }) => result !== 'invalid' && result !== 'under_load');
  if (usable.length === 0) return 'No other target was checked in those minutes, so nothing compares with it.';
  const failed = usable.filter(({ result }) => result === 'fail').map(({ target }) => target);
  if (failed.length === 0) {
    const all = usable.length === 1 ? 'Another target' : `${usable.length} other targets`;
    return `${all} answered in those minutes: it is this target, not the network of Hive.`;
  }
  if (failed.length === usable.length) {
    return `${failed.length === 1 ? 'The other target' : `All ${failed.length} other targets`} failed too: look at the network, or at what they share.`;
  }
  return `${failed.join(', ')} failed too, ${plural(usable.length - failed.length, 'other')} did not: look at what they share.`;
}

function sayMachine(machine: IncidentDetail['machine']): string {
  if (machine === null) return 'How busy Hive’s own machine was is not known.';
  const { loadPerCore, cores } = machine;
  const load = `${figure(loadPerCore)} per core, ${plural(cores, 'core')}`;
  return loadPerCore < BUSY_LOAD
    ? `Hive’s own machine was not busy (load ${load}).`
    : `Hive’s own machine was busy (load ${load}): its checks may have been late because of that.`;
}

export interface Failure {
  name: string;
  count: number;
  /** The most frequent one. */
  problem: string;
}

/** What failed from the beginning of an incident on: by node, by request, and the first error. */
export interface Failures {
  byNode: Failure[];
  byRequest: Failure[];
  first: { at: string; node: string; request: string; problem: string } | null;
}

/** Counts what checks found since the incident began, most first. */
export function failuresOf({ incident, checks }: Pick<IncidentDetail, 'incident' | 'checks'>): Failures {
  const bad = checks.filter(({ at }) => at >= incident.since).flatMap(problemsIn);
  const [first = null] = bad;
  return {
    byNode: counted(bad.map((one) => ({ ...one, name: one.node }))),
    byRequest: counted(bad.map((one) => ({ ...one, name: one.request }))),
    first: first === null ? null : { at: first.at, node: first.node, request: first.request, problem: first.problem },
  };
}

function problemsIn({ at, problems = [] }: ServiceCheck) {
  return problems.map((one) => ({ ...one, at }));
}

/** Added up by name, with the problem of each that came most. */
function counted(found: readonly { name: string; problem: string; count: number }[]): Failure[] {
  const names = [...new Set(found.map(({ name }) => name))];
  const failures = names.map((name): Failure => {
    const own = found.filter((one) => one.name === name);
    const ofProblem = (problem: string): number => sum(own.filter((one) => one.problem === problem));
    const [problem = ''] = [...new Set(own.map((one) => one.problem))].toSorted(
      (one, other) => ofProblem(other) - ofProblem(one),
    );
    return { name, count: sum(own), problem };
  });
  return failures.toSorted((one, other) => other.count - one.count);
}

function sum(found: readonly { count: number }[]): number {
  return found.reduce((total, { count }) => total + count, 0);
}
