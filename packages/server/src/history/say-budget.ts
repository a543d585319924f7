const MINUTE = 60;

/** How the API is asked for a budget: in whole minutes, rounded up, in the seconds of its field. */
export function sayBudget(seconds: number): string {
  return `budgetSeconds ${Math.ceil(seconds / MINUTE) * MINUTE}`;
}
