import { ROLES, type Role } from '@hive/contract';
import { Field, Input, Select } from '../../ui/field';

const SAID: Record<Role, string> = {
  viewer: 'viewer: looks',
  operator: 'operator: measures, checks, acknowledges',
  admin: 'admin: everything',
};

interface RoleFieldsProps {
  role: Role;
  /** Labels as text. */
  targets: string;
  onChange: (part: { role?: Role; targets?: string }) => void;
  problems: Readonly<Record<string, string>>;
  /** Why the role cannot be chosen; null: it can. */
  fixed?: string | null;
  /** The highest that can be given; absent: all. */
  most?: Role;
}

/** What somebody, or a token, may do, and with which targets. */
export function RoleFields({ role, targets, onChange, problems, fixed = null, most = 'admin' }: RoleFieldsProps) {
  const all = Object.keys(ROLES) as Role[];
  const offered = all.slice(0, all.indexOf(most) + 1);
  return (
    <>
      <Field label="Role" hint={fixed ?? undefined} problem={problems['role']}>
        {(field) => (
          <Select
            {...field}
            value={role}
            disabled={fixed !== null}
            onChange={(event) => onChange({ role: event.target.value as Role })}
          >
            {offered.map((one) => (
              <option key={one} value={one}>
                {SAID[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {role === 'admin' && targets === '' ? null : (
        <Field
          label="Only targets with these labels"
          hint="Such as team=shop. Empty: all targets."
          problem={problems['targets']}
        >
          {(field) => (
            <Input {...field} value={targets} onChange={(event) => onChange({ targets: event.target.value })} />
          )}
        </Field>
      )}
    </>
  );
}
