import type { Credential } from '../api/types.ts';
import type { FieldSpec } from '../parts/Field.tsx';
import { FormDialog } from '../parts/Form.tsx';

const fields: readonly FieldSpec[] = [
  { name: 'accountName', title: 'Account', required: true },
  { name: 'namespace', title: 'Namespace', required: true },
  { name: 'instanceName', title: 'Instance', description: 'Of databases: the one that it signs in to.' },
  { name: 'policyId', title: 'Password policy', kind: 'pick', of: 'policies', none: 'The vault’s own' },
  { name: 'autoSpin', title: 'Auto-spin', kind: 'switch', description: 'Changed after each check-in.' },
  { name: 'comment', title: 'Comment', kind: 'area' },
  { name: 'assetTag', title: 'Asset tag' },
];

interface EditCredentialProps {
  credential: Credential;
  opened: boolean;
  onClose(): void;
}

/** Everything about a credential but its secret. */
export function EditCredential({ credential, opened, onClose }: EditCredentialProps) {
  const { accountName, namespace, instanceName, policyId, autoSpin, comment, assetTag } = credential;
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title="Edit credential"
      fields={fields}
      start={{ accountName, namespace, instanceName, policyId, autoSpin, comment, assetTag }}
      method="PATCH"
      path={`/api/credentials/${credential.credentialId}`}
      action="Save"
      done="Credential saved."
      refresh={['/api/credentials']}
    />
  );
}
