import { defaultBudgetSeconds, isExecution, KINDS, type Kind, type TrainingStatus } from '@hive/contract';
import { duration } from '../ui/format';

export const CONTINUOUS = 'continuous';
/** The budget that is chosen at first. */
export const DEFAULT_BUDGET = String(defaultBudgetSeconds());

/** The time budgets to choose from: seconds as text, or until it is stopped. */
export const BUDGETS: readonly Budget[] = [
  { value: '30', text: '30 seconds' },
  { value: '60', text: '1 minute' },
  { value: '120', text: '2 minutes' },
  { value: '240', text: '4 minutes' },
  { value: '480', text: '8 minutes' },
  { value: '1200', text: '20 minutes' },
  { value: CONTINUOUS, text: 'until stopped' },
];

interface Budget {
  value: string;
  text: string;
}

/** What a person chose to measure. */
export interface MeasurementForm {
  /** Those to choose from, in the order used everywhere. */
  offered: readonly Kind[];
  chosen: readonly Kind[];
  /** A value of `budgets`. */
  budget: string;
  budgets: readonly Budget[];
  soaking: boolean;
}

/** The form as it is shown: while a session runs, what that session was asked for, in every tab and after every reload. */
export function shownForm(own: Omit<MeasurementForm, 'budgets'>, status: TrainingStatus): MeasurementForm {
  if (!status.running || status.session_id === null) return { ...own, budgets: BUDGETS };
  const { kinds, hold_seconds: hold, budget_seconds: budget } = status;
  const form = {
    offered: KINDS.filter((kind) => own.offered.includes(kind) || kinds.includes(kind)),
    chosen: kinds,
    soaking: hold !== null,
  };
  // A single run has no budget.
  if (isExecution(status.session_id)) return { ...form, budget: own.budget, budgets: BUDGETS };
  const asked = budget === null ? CONTINUOUS : String(budget - (hold ?? 0));
  const known = BUDGETS.some(({ value }) => value === asked);
  const budgets = known ? BUDGETS : [...BUDGETS, { value: asked, text: duration(Number(asked)) }];
  return { ...form, budget: asked, budgets };
}

/** What is asked of `GET /api/training/plan`. */
export interface PlanQuery {
  target: string;
  kinds: string;
  /** Absent: the usual one, which a session that goes on until it is stopped repeats. */
  budgetSeconds?: number;
}

/** The plan that a form asks for; null: there is nothing to start. */
export function planQuery(
  target: string | null,
  { chosen, budget }: Pick<MeasurementForm, 'chosen' | 'budget'>,
): PlanQuery | null {
  if (target === null || chosen.length === 0) return null;
  const kinds = chosen.join(',');
  return budget === CONTINUOUS ? { target, kinds } : { target, kinds, budgetSeconds: Number(budget) };
}
