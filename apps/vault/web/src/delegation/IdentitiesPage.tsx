import { EmptyState, type FormValues, Page, ShownOnce, type TableColumn, Tag, useCrumbs } from '@gatehouse/ui';
import { IconAddressBook } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Identity, NewIdentity } from '../api/types.ts';
import { AddButton } from '../parts/AddButton.tsx';
import { Field, type FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';
import { type Choice, ServerList } from '../parts/ServerList.tsx';
import { choicesOf, identityTitles } from '../parts/words.ts';
import { PersonSelect } from './PersonSelect.tsx';

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Identity>[] = [
  { ...plain, name: 'name', title: 'Identity', width: 220 },
  { ...plain, name: 'kind', title: 'Kind', width: 160, cell: ({ kind }) => identityTitles[kind] },
  {
    ...{ ...plain, name: 'enabled', title: 'State', width: 120 },
    cell: ({ enabled }) => <Tag tone={enabled ? 'good' : 'quiet'}>{enabled ? 'Enabled' : 'Disabled'}</Tag>,
  },
  {
    ...{ ...plain, name: 'personId', title: 'Uses these pages', width: 150 },
    cell: ({ personId }) => (personId === null ? 'No' : 'Yes'),
  },
  { name: 'maySignIn', title: 'Vault password', type: 'flag', sort: false, filter: false, width: 130 },
  { ...plain, name: 'comment', title: 'Comment', width: 280 },
];
const choices: readonly Choice[] = [{ name: 'kind', title: 'Kind', values: choicesOf(identityTitles) }];
const hints: Readonly<Record<string, string>> = {
  explicit: 'A name and password that this vault keeps, for example for a program: svc-ecm.',
  domain_user: 'An account of a domain: CORP\\sarcher.',
  domain_group: 'A group of a domain; its members are read there: CORP\\Operators.',
  role: 'A role of this vault; its members are chosen here.',
  ldap_user: 'An account of an LDAP directory.',
};
const kind: FieldSpec = {
  name: 'kind',
  title: 'Kind',
  kind: 'choice',
  choices: choicesOf(identityTitles),
  required: true,
};
const password: FieldSpec = {
  ...{ name: 'hasPassword', title: 'Make a password', kind: 'switch' },
  description: 'For the web services. It is shown once.',
};

/** Everybody and everything that rights may be given to. */
export function IdentitiesPage() {
  useCrumbs({ title: 'Identities' });
  const [isAdding, setAdding] = useState(false);
  const add = <AddButton onClick={() => setAdding(true)}>Add identity</AddButton>;
  return (
    <Page
      title="Identities"
      lead="Who rights are given to: explicit, of a domain, a group, a role or of LDAP."
      actions={add}
    >
      <ServerList<Identity>
        id="identities"
        label="Identities"
        columns={columns}
        path={paths.identities}
        choices={choices}
        rowId={({ identityId }) => identityId}
        rowHref={({ identityId }) => `/identities/${identityId}`}
        searchLabel="Search identities"
        empty={
          <EmptyState icon={<IconAddressBook size={28} stroke={1.5} />} title="No identity yet" actions={add}>
            An identity links a person of these pages, a program or an account of a domain with rights.
          </EmptyState>
        }
      />
      <AddIdentity opened={isAdding} onClose={() => setAdding(false)} />
    </Page>
  );
}

/** A new identity; its password, where the vault makes one, is shown once. */
export function AddIdentity({
  opened,
  onClose,
  onAdded,
}: {
  opened: boolean;
  onClose(): void;
  onAdded?(identity: Identity): void;
}) {
  const { history } = useRouter();
  const [made, setMade] = useState<NewIdentity | null>(null);
  const go = (identity: Identity) =>
    onAdded === undefined ? history.push(`/identities/${identity.identityId}`) : onAdded(identity);
  return (
    <>
      <FormDialog<NewIdentity>
        opened={opened}
        onClose={onClose}
        title="Add identity"
        fields={[kind, { name: 'name', title: 'Name', required: true }]}
        start={{ kind: 'explicit', hasPassword: false, personId: null }}
        method="POST"
        path="/api/identities"
        action="Add identity"
        refresh={['/api/identities']}
        toBody={toBody}
        more={(values, set, errors) => (
          <>
            <span style={{ fontSize: 13 }}>{hints[String(values.kind)]}</span>
            {values.kind === 'explicit' ? <Field field={password} values={values} errors={errors} set={set} /> : null}
            {values.kind === 'role' || values.kind === 'domain_group' ? null : (
              <PersonSelect
                value={typeof values.personId === 'string' ? values.personId : null}
                onChange={(personId) => set({ personId })}
                error={errors.personId}
              />
            )}
            <Field
              field={{ name: 'comment', title: 'Comment', kind: 'area' }}
              values={values}
              errors={errors}
              set={set}
            />
          </>
        )}
        onDone={(identity) => (identity.password === null ? go(identity) : setMade(identity))}
      />
      <ShownOnce
        title={`Password of ${made?.name ?? ''}`}
        label="Password"
        value={made?.password ?? null}
        onClose={() => {
          if (made !== null) go(made);
          setMade(null);
        }}
      />
    </>
  );
}

const toBody = ({ hasPassword, ...body }: FormValues): FormValues => ({
  ...body,
  ...(hasPassword === true && body.kind === 'explicit' ? { password: { from: 'random' } } : {}),
});
