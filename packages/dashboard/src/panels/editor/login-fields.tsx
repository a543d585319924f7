'use client';

import type { TargetInput } from '@hive/contract';
import { Field, Input, Select } from '../../ui/field';
import { PairsField } from './pairs-field';
import { filled } from './pairs';

type Auth = NonNullable<TargetInput['auth']>;

interface LoginFieldsProps {
  auth: TargetInput['auth'];
  onChange: (auth: TargetInput['auth']) => void;
}

const FIRST: Auth = { request: { path: '/oauth/token', form: { grant_type: 'client_credentials' } } };

/** How Hive logs in before it measures, and how requests carry the token. */
export function LoginFields({ auth, onChange }: LoginFieldsProps) {
  return (
    <div className="grid gap-3">
      <Field label="Requests need a login" hint="Hive logs in before it measures, and never counts that as load.">
        {(field) => (
          <Select
            {...field}
            value={auth === undefined ? 'no' : auth.request.json === undefined ? 'form' : 'json'}
            onChange={({ target: { value } }) => onChange(value === 'no' ? undefined : withBody(auth ?? FIRST, value))}
          >
            <option value="no">no</option>
            <option value="form">yes, with a form</option>
            <option value="json">yes, with JSON</option>
          </Select>
        )}
      </Field>
      {auth === undefined ? null : <Details auth={auth} onChange={onChange} />}
    </div>
  );
}

function Details({ auth, onChange }: { auth: Auth; onChange: (auth: Auth) => void }) {
  const { request, token } = auth;
  const where = request.url ?? request.path ?? '';
  const set = (change: Partial<Auth>): void => onChange({ request, ...filled({ ...auth, ...change }) });
  const body = request.json === undefined ? 'form' : 'json';
  return (
    <>
      <Field label="Where to log in" hint="A path at the first node, or a whole address of an allowed host.">
        {(field) => (
          <Input
            {...field}
            value={where}
            spellCheck={false}
            onChange={({ target: { value } }) => {
              const { path: _, url: __, ...rest } = request;
              set({ request: { ...rest, ...(value.startsWith('/') ? { path: value } : { url: value }) } });
            }}
          />
        )}
      </Field>
      <PairsField
        label="What is sent, one name=value a line"
        hint="Write secrets as ${HIVE_SECRET_NAME}: they are filled in from the environment, and never stored here."
        pairs={request[body] as Record<string, unknown> | undefined}
        onChange={(pairs) => set({ request: { ...request, [body]: pairs ?? {} } })}
      />
      <Field label="Where the token is" hint="A path in the JSON of the answer, such as $.access_token.">
        {(field) => (
          <Input
            {...field}
            value={token !== undefined && 'json' in token ? token.json : ''}
            placeholder="$.access_token"
            spellCheck={false}
            onChange={({ target: { value } }) => set({ token: value === '' ? undefined : { json: value } })}
          />
        )}
      </Field>
      <Field label="The header that carries it">
        {(field) => (
          <Input
            {...field}
            value={auth.send ?? ''}
            placeholder="authorization: Bearer {token}"
            spellCheck={false}
            onChange={({ target: { value } }) => set({ send: value })}
          />
        )}
      </Field>
      <Field label="A new one is asked for after" hint="A share of its life, such as 80%, or a time, such as 5m.">
        {(field) => (
          <Input
            {...field}
            value={auth.refresh ?? ''}
            placeholder="80%"
            onChange={({ target: { value } }) => set({ refresh: value })}
          />
        )}
      </Field>
      <Field
        label="Users"
        hint="A CSV file on the machine that runs Hive: {COLUMN} in what is sent stands for its value."
      >
        {(field) => (
          <Input
            {...field}
            value={auth.users ?? ''}
            placeholder="users.csv"
            spellCheck={false}
            onChange={({ target: { value } }) => set({ users: value })}
          />
        )}
      </Field>
    </>
  );
}

function withBody(auth: Auth, body: string): Auth {
  const { form, json, body: _, ...rest } = auth.request;
  const sent = { ...form, ...(Array.isArray(json) ? {} : json) } as Record<string, string>;
  return { ...auth, request: { ...rest, [body]: sent } };
}
