import type { FieldSpec } from '../parts/Field.tsx';

export const domainFields: readonly FieldSpec[] = [
  { name: 'netbiosName', title: 'NetBIOS name', required: true, description: 'Such as CORP.' },
  { name: 'dnsName', title: 'DNS name', required: true, description: 'Such as corp.example.com.' },
  {
    ...{ name: 'controllers', title: 'Domain controllers', kind: 'lines', required: true },
    description:
      'One address a line, such as ldaps://dc1.corp.example.com. The next one is asked when one does not answer.',
  },
  {
    ...{ name: 'certificateAuthorities', title: 'Certificate authorities', kind: 'area', isCode: true },
    description: 'The only ones that are trusted, in PEM form. Left empty: those of this machine.',
  },
  {
    ...{ name: 'bindName', title: 'Account that reads groups' },
    description: 'Such as CORP\\svc-vault. It needs no more than any account of the domain.',
  },
  {
    name: 'bindPassword',
    title: 'Its password',
    kind: 'secret',
    description: 'Left empty, the one that is kept stays.',
  },
];
