import { type FormValues, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Anchor, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { paths } from '../api/paths.ts';
import type { Credential } from '../api/types.ts';
import { useQuery } from '../parts/address.ts';
import type { FieldSpec } from '../parts/Field.tsx';
import { Field } from '../parts/Field.tsx';
import { Form } from '../parts/Form.tsx';
import { typesOfKind, typeTitles } from '../parts/words.ts';
import { SecretFields, secretOf } from './SecretFields.tsx';

const system: FieldSpec = { name: 'systemId', title: 'System', kind: 'pick', of: 'systems', required: true };
const others: readonly FieldSpec[] = [
  { name: 'accountName', title: 'Account', description: 'Its name alone: root, not NS\\root.', required: true },
];
const details: readonly FieldSpec[] = [
  {
    ...{ name: 'policyId', title: 'Password policy', kind: 'pick', of: 'policies' },
    ...{ none: 'The vault’s own', description: 'How new passwords of this account are made.' },
  },
  {
    ...{ name: 'autoSpin', title: 'Auto-spin', kind: 'switch' },
    description: 'The password is changed and verified after each check-in.',
  },
  { name: 'comment', title: 'Comment', kind: 'area' },
  { name: 'assetTag', title: 'Asset tag' },
];

/** An account to keep: where it is, what it is called, and what opens it. */
export function NewCredentialPage() {
  useCrumbs({ title: 'Credentials', href: '/credentials' }, { title: 'Add credential' });
  const { history } = useRouter();
  const start = { systemId: useQuery().get('systemId'), secretFrom: 'entered', autoSpin: false, policyId: null };
  return (
    <Page
      title="Add credential"
      lead="The vault keeps it sealed. Afterwards, choose “Change now” and only the vault knows it."
    >
      <Section title="Account">
        <Text size="sm" c="dimmed" mb="md">
          The system is not there yet? <Anchor href="/systems/new">Add it first</Anchor>.
        </Text>
        <Form<Credential>
          fields={[system, ...others]}
          start={start}
          method="POST"
          path="/api/credentials"
          action="Add credential"
          done="Credential added."
          refresh={['/api/credentials', '/api/systems', '/api/overview']}
          toBody={toBody}
          more={(values, set, errors) => <MoreFields values={values} set={set} errors={errors} />}
          onDone={({ credentialId }) => history.push(`/credentials/${credentialId}`)}
        />
      </Section>
    </Page>
  );
}

const toBody = ({ secretFrom, secretValue, ...body }: FormValues): FormValues =>
  secretFrom === 'none' ? body : { ...body, secret: secretOf({ secretFrom, secretValue }) };

type MoreProps = Pick<Parameters<typeof SecretFields>[0], 'values' | 'set' | 'errors'>;

/** What depends on the kind of the system, and the rest. */
function MoreFields({ values, set, errors }: MoreProps) {
  const systemId = typeof values.systemId === 'string' ? values.systemId : null;
  const { data } = useApi(paths.system(systemId ?? ''), { enabled: systemId !== null });
  const types: readonly (keyof typeof typeTitles)[] = data === undefined ? [] : typesOfKind[data.kind];
  const type = String(values.type ?? types[0] ?? 'linux');
  const fields: readonly FieldSpec[] = [
    ...(types.length > 1
      ? [
          {
            ...{ name: 'type', title: 'Type', kind: 'choice' as const },
            choices: types.map((one) => ({ value: one, label: typeTitles[one] })),
          },
        ]
      : []),
    ...(data?.kind === 'postgresql' || data?.kind === 'mysql'
      ? [{ name: 'instanceName', title: 'Instance', description: 'The database that it signs in to.' }]
      : []),
    ...(data?.kind === 'sqlserver'
      ? [
          {
            ...{ name: 'instanceName', title: 'Instance' },
            description: 'Of HOST\\INSTANCE the second part. Left empty: the default instance.',
          },
        ]
      : []),
    ...(data?.kind === 'windows'
      ? [
          {
            name: 'namespace',
            title: 'Namespace',
            description: 'Left empty: the computer itself, for a local account.',
          },
        ]
      : []),
  ];
  return (
    <>
      {fields.map((field) => (
        <Field key={field.name} field={field} values={{ type, ...values }} errors={errors} set={set} />
      ))}
      <SecretFields
        values={values}
        set={set}
        errors={errors}
        type={type}
        policyId={typeof values.policyId === 'string' ? values.policyId : null}
        mayWait
      />
      {details.map((field) => (
        <Field key={field.name} field={field} values={values} errors={errors} set={set} />
      ))}
    </>
  );
}
