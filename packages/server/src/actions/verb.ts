import type { Principal } from '../identity/principal.js';

/** Something that a caller can do. Its first line demands the permission that its route names. */
export type Verb<Input, Output> = (actor: Principal, input: Input) => Promise<Output>;
