import type { Limit, Scenario } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import type { ExpectationOutcome } from '../arguments/expectation.js';
import { machineLines } from './machine.js';
import type { Progress } from './progress.js';
import type { Terminal } from './terminal.js';
import {
  currentLine,
  expectationLine,
  findingLines,
  FINDING_AT,
  lessonLine,
  LIMIT_AT,
  limitLine,
  PLAN_AT,
  planLines,
  regionLines,
  safeLines,
  scenarioRow,
  startedText,
  trainingHead,
} from './training.js';

/** Passes the events of a session on, and shows them as progress: the plan, a table of its runs, what each taught. */
export async function* shown(
  events: AsyncGenerator<TrainingEvent>,
  { terminal, progress }: { terminal: Terminal; progress: Progress },
): AsyncGenerator<TrainingEvent> {
  const style = { colors: terminal.progressColors, width: terminal.widths.progress };
  const machine = machineLines();
  let current: { scenario: Scenario; plannedMs: number } | null = null;
  let isPlanned = false;
  let hasHead = false;
  progress.doing('measuring how the service answers at rest');
  for await (const event of events) {
    if (event.type === 'planned') {
      for (const line of planLines(event.plan, isPlanned)) terminal.progress(line, PLAN_AT);
      isPlanned = true;
    } else if (event.type === 'scenario_chosen') {
      if (!hasHead) terminal.progress(trainingHead(style));
      hasHead = true;
    } else if (event.type === 'scenario_started') {
      current = event;
      progress.doing(startedText(event.scenario, event.plannedMs));
    } else if (event.type === 'window' && current !== null) {
      terminal.status(currentLine(current.scenario, event.window, current.plannedMs));
      if (terminal.live) progress.told();
    } else if (event.type === 'scenario_completed') {
      for (const line of scenarioRow(event.scenario, event.result, style)) terminal.progress(line);
      for (const line of findingLines(event.result)) terminal.progress(line, FINDING_AT);
      progress.told();
      progress.doing('waiting until the service is at rest again');
    } else if (event.type === 'limit_updated') {
      const line = lessonLine(event.limit, event.lesson);
      if (line !== '') terminal.progress(line, FINDING_AT);
    } else if (event.type === 'alert') terminal.progress(`${event.severity}: ${event.text}`);
    else if (event.type === 'machine') for (const line of machine(event.machine)) terminal.progress(line);
    yield event;
  }
}

/** What a session found, for people. */
export function printSession(
  { limits, reason }: { limits: readonly Limit[]; reason: string },
  expectations: readonly ExpectationOutcome[],
  terminal: Terminal,
): void {
  terminal.print('');
  for (const limit of limits) {
    terminal.print(limitLine(limit, terminal.colors), LIMIT_AT);
    for (const line of [...safeLines(limit), ...regionLines(limit)]) terminal.print(line, LIMIT_AT);
  }
  for (const expectation of expectations) terminal.print(expectationLine(expectation, terminal.colors));
  terminal.print(`  ${reason}`);
}
