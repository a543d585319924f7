import type { ApiToken, AuditEntry, Me, RouteParsed, User, UserSession } from '@hive/contract';
import type { AuditFilter } from '../../store/store.js';
import type { ReportFile } from '../training/report-session.js';
import type { Verb } from '../verb.js';

/** Who was signed in, and what their browser keeps. */
export interface SignedIn {
  me: Me;
  cookie: string;
}

/** What a caller can do with accounts. */
export interface AccountActions {
  whoAmI: Verb<void, Me>;
  signIn: Verb<RouteParsed<'signIn'>['body'], SignedIn>;
  beginOidc: Verb<RouteParsed<'beginOidc'>['body'], { url: string; attempt: string }>;
  finishOidc: Verb<RouteParsed<'finishOidc'>['body'], SignedIn>;
  signOut: Verb<void, void>;
  becomeFirstAdmin: Verb<RouteParsed<'becomeFirstAdmin'>['body'], SignedIn>;
  changePassword: Verb<RouteParsed<'changePassword'>['body'], number>;
  listOwnSessions: Verb<void, UserSession[]>;
  endOwnSession: Verb<string, number>;
  listTokens: Verb<void, ApiToken[]>;
  createToken: Verb<RouteParsed<'createToken'>['body'], { token: string; shown: ApiToken }>;
  revokeToken: Verb<string, void>;
  listAudit: Verb<AuditFilter, { rows: AuditEntry[]; next: string | null }>;
  exportAudit: Verb<Omit<AuditFilter, 'after' | 'limit'>, ReportFile>;
  listUsers: Verb<void, User[]>;
  createUser: Verb<RouteParsed<'createUser'>['body'], User>;
  replaceUser: Verb<{ id: string; user: RouteParsed<'replaceUser'>['body'] }, User>;
  deleteUser: Verb<string, void>;
  endSessions: Verb<string, number>;
}
