import type { Receiver } from '../api/types.ts';
import type { FieldSpec } from '../parts/Field.tsx';
import { choicesOf } from '../parts/words.ts';

const transports: Readonly<Record<Receiver['transport'], string>> = { tls: 'TLS', tcp: 'TCP', udp: 'UDP' };
const formats: Readonly<Record<Receiver['format'], string>> = {
  syslog: 'Syslog with structured data (RFC 5424)',
  cef: 'CEF',
  json: 'JSON',
};
export const healthTitles: Readonly<Record<Receiver['health'], string>> = {
  connected: 'Connected',
  failed: 'Failed',
  waiting: 'Nothing sent yet',
  paused: 'Paused',
};

export const receiverFields: readonly FieldSpec[] = [
  { name: 'name', title: 'Name', required: true },
  {
    ...{ name: 'transport', title: 'Transport', kind: 'choice', choices: choicesOf(transports), required: true },
    description: 'Over TLS and TCP no entry is lost; over UDP nobody knows whether one arrived.',
  },
  { name: 'host', title: 'Host name or address', required: true, description: 'Such as siem.example.com.' },
  {
    ...{ name: 'port', title: 'Port', kind: 'number', required: true },
    description: 'Usually 6514 for TLS, 514 for UDP.',
  },
  { name: 'format', title: 'Format', kind: 'choice', choices: choicesOf(formats), required: true },
  {
    ...{ name: 'certificateAuthorities', title: 'Certificate authorities', kind: 'area', isCode: true },
    description: 'Of TLS: the only ones that are trusted, in PEM form. Left empty: those of this machine.',
  },
  { name: 'enabled', title: 'Enabled', kind: 'switch' },
];

export const beginField: FieldSpec = {
  ...{ name: 'begin', title: 'Begin with', kind: 'choice', required: true },
  choices: [
    { value: 'now', label: 'What happens from now on' },
    { value: 'first', label: 'The first entry that there is' },
  ],
};
