import type { TableColumn } from '@gatehouse/ui';
import type { Credential } from '../api/types.ts';
import { VerifiedTag } from '../parts/tags.tsx';
import { accountWords, typeTitles } from '../parts/words.ts';

const plain = { type: 'text', sort: false, filter: false } as const;

export const credentialColumns: readonly TableColumn<Credential>[] = [
  { ...plain, name: 'accountName', title: 'Account', width: 220, cell: (row) => accountWords(row) },
  { ...plain, name: 'systemName', title: 'System', width: 180 },
  { ...plain, name: 'type', title: 'Type', width: 180, cell: ({ type }) => typeTitles[type] },
  { ...plain, name: 'isVerified', title: 'State', width: 170, cell: (row) => <VerifiedTag {...row} /> },
  { name: 'secretAt', title: 'Last change', type: 'time', sort: false, filter: false },
  { name: 'verifiedAt', title: 'Last verified', type: 'time', sort: false, filter: false },
  { name: 'autoSpin', title: 'Auto-spin', type: 'flag', sort: false, filter: false },
  { ...plain, name: 'comment', title: 'Comment', width: 240 },
  { ...plain, name: 'assetTag', title: 'Asset tag', shown: false },
];
