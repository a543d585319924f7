/** Every number that comparing chose, with what it was chosen by: docs/comparing.md has the tables. */

/** The pairs after which is decided. Looking after each of 6 to 20 errs in 32 %; these three, each at LOOK_CHANCE, in 5 %. */
export const LOOKS: readonly number[] = [8, 14, 20];
/** How often one of the looks at one metric may see a change that is none. */
export const LOOK_CHANCE = 0.022;
/** Fewer pairs say little of how runs scatter. */
export const LEAST_PAIRS = 8;
export const MOST_PAIRS = 20;
/** `worse` is shown a second time before it is said, by this many new pairs. */
export const CONFIRMING_PAIRS = 8;
/** How often the second time may see a change that is none; one-sided. */
export const CONFIRMING_CHANCE = 0.05;
/** The second time must see at least this share of the tolerance. */
export const CONFIRMING_SHARE = 0.5;
/** The share of wrong requests may differ by this share of what the objectives allow. */
export const ERRORS_TOLERANCE = 0.25;
/** The level of every interval that is shown, and of `same`. */
export const LEVEL = 0.95;
/** `couldHaveSeen` is what this share of such comparisons would have shown. */
export const POWER = 0.8;

/** ln scatter of a limit between sessions of one target where its history does not say; measured on quiet machines. */
export const SESSION_SCATTER = 0.03;
/** Sessions from which the scatter of a target's own history counts. */
export const LEAST_SESSIONS_OF_SCATTER = 5;

/** A step of a history: how rarely chance alone makes one at a place, its least height (a share), and sessions on each side of it. */
export const STEP_CHANCE = 0.005;
/** Likewise of a stretch between two steps: there are many more to choose from, and neighbors that resemble each other make some. */
export const STRETCH_CHANCE = 1e-6;
export const LEAST_STEP = 0.05;
export const LEAST_SESSIONS_OF_STEP = 4;
/** The newest sessions in which steps are looked for. */
export const MOST_SESSIONS_OF_HISTORY = 100;
/** What a drop since the last sessions is held against. */
export const RECENT_SESSIONS = 10;
