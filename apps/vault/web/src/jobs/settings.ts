import type { FormValues } from '@gatehouse/ui';
import type { FieldSpec } from '../parts/Field.tsx';

/** How a job goes about it. */
export const settingFields: readonly FieldSpec[] = [
  {
    ...{ name: 'ifCheckedOut', title: 'If somebody has it checked out', kind: 'choice' },
    choices: [
      { value: 'wait', label: 'Wait for the check-in' },
      { value: 'cancel', label: 'Leave it out' },
      { value: 'change', label: 'Change it all the same' },
    ],
  },
  {
    ...{ name: 'attempts', title: 'Attempts', kind: 'number', least: 1, most: 50 },
    description: 'Each further attempt waits twice as long as the one before, up to an hour.',
  },
  {
    ...{ name: 'firstRetrySeconds', title: 'Wait before the second attempt', kind: 'number' },
    ...{ least: 1, most: 3_600, unit: 'seconds' },
  },
];

/** The settings in a place of their own, as the API takes them. */
export const toSettings = ({ ifCheckedOut, attempts, firstRetrySeconds, ...rest }: FormValues): FormValues => ({
  ...rest,
  settings: Object.fromEntries(
    Object.entries({ ifCheckedOut, attempts, firstRetrySeconds }).filter(([, value]) => value !== undefined),
  ),
});
