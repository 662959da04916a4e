import type { FormErrors, FormValues } from '@gatehouse/ui';
import { useApi } from '@gatehouse/ui';
import { PasswordInput, Radio, Stack, Textarea } from '@mantine/core';
import { paths } from '../api/paths.ts';
import { PolicyExample } from '../policies/PolicyExample.tsx';

interface SecretFieldsProps {
  values: FormValues;
  set(change: FormValues): void;
  errors: FormErrors;
  type: string;
  policyId: string | null;
  /** Offers to store nothing for now. */
  mayWait?: boolean;
  /** Offers to keep the one that is stored. */
  keeps?: boolean;
}

/** Where the secret comes from, as `secretFrom` and `secretValue` of a form. */
export function SecretFields({ values, set, errors, type, policyId, mayWait, keeps }: SecretFieldsProps) {
  const from = String(values.secretFrom ?? '');
  const isKey = type === 'ssh_key';
  const thing = isKey ? 'private key' : 'password';
  const error = errors['secret.value'] ?? errors.secret ?? errors.value;
  const entered = { label: isKey ? 'Private key' : 'Password', error, value: String(values.secretValue ?? '') };
  return (
    <Stack gap="sm">
      <Radio.Group
        label={isKey ? 'Private key' : 'Password'}
        value={from}
        onChange={(secretFrom) => set({ secretFrom })}
      >
        <Stack gap={8} mt={8}>
          {keeps ? <Radio value="none" label={`Keep the ${thing} that is stored`} /> : null}
          <Radio value="entered" label={`Enter the ${thing} that the account has now`} />
          {isKey ? null : (
            <Radio
              value="random"
              label="Let the vault make one"
              description="For an account that you create with it: the account itself is not changed."
            />
          )}
          {mayWait ? <Radio value="none" label="Store none yet" /> : null}
        </Stack>
      </Radio.Group>
      {from === 'random' ? <ExampleOf policyId={policyId} /> : null}
      {from === 'entered' && isKey ? (
        <Textarea
          {...entered}
          autosize
          minRows={4}
          maxRows={10}
          spellCheck={false}
          autoComplete="off"
          placeholder={'-----BEGIN OPENSSH PRIVATE KEY-----'}
          onChange={(event) => set({ secretValue: event.currentTarget.value })}
        />
      ) : null}
      {from === 'entered' && !isKey ? (
        <PasswordInput
          {...entered}
          autoComplete="new-password"
          onChange={(event) => set({ secretValue: event.currentTarget.value })}
        />
      ) : null}
    </Stack>
  );
}

/** The secret of a form as the API takes it. */
export const secretOf = ({ secretFrom, secretValue = '' }: FormValues) =>
  secretFrom === 'entered' ? { from: 'entered', value: secretValue } : { from: 'random' };

function ExampleOf({ policyId }: { policyId: string | null }) {
  const chosen = useApi(paths.policy(policyId ?? ''), { enabled: policyId !== null });
  const presets = useApi(paths.presets, { enabled: policyId === null });
  const rules = policyId === null ? presets.data?.[0]?.rules : chosen.data?.rules;
  return rules === undefined ? null : <PolicyExample rules={rules} />;
}
