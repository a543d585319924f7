import type { ReportFile } from '../actions/actions.js';

/** What an answer does with the cookie of the session: a new value, the same for longer, or none any more. */
export type CookieChange = { value: string } | 'extended' | 'removed';

/** An answer with a status other than the route's usual one, or with a cookie. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly more: { cookie?: CookieChange } = {},
  ) {}
}

/** An answer that is a file and no JSON. */
export class FileAnswer {
  constructor(readonly file: ReportFile) {}
}
