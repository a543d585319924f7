// Ids never contain a dot or a wildcard.

/** All that a load generator hears and says is below its own id. */
export const beeSubject = (id: string, about: string): string => `hive.bee.${id}.${about}`;

/** An invitation can ask to be taken up, and hear the answer: nothing that its load generator says or hears later. */
export const inviteSubject = (id: string, about: string): string => `hive.invite.${id}.${about}`;

/** Instances of Hive hear all of them and speak to each. */
export const HUB_SUBJECTS: readonly string[] = [beeSubject('*', '>'), inviteSubject('*', '>')];

/** Whose subject it is; null: nobody's. */
export function idOf(subject: string): string | null {
  return /^hive\.(?:bee|invite)\.([^.]+)\./.exec(subject)?.[1] ?? null;
}

/** Answers to questions come below this. Whoever asks names the place, so the hub must not answer anywhere else in its own name. */
export const inboxBeside = (subject: string): string => subject.replace(/\.[^.]+$/, '.inbox');
