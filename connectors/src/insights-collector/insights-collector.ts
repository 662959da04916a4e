import { defineConnector } from '@gatehouse/connector-kit';
import { fields } from '@gatehouse/fields';
import { Fault } from '@gatehouse/kernel';

/**
 * What a collector inside the network reads and sends. It has nothing to set and no streams of its own: `withCollected`
 * gives it those of the connectors that a collector runs, which no connector may import itself.
 */
export const insightsCollector = defineConnector({
  id: 'insights-collector',
  name: 'Insights Collector',
  summary:
    'A program for a server in your network that reads Active Directory, its certificate services and security events, and on-premises Password Safe, and only ever connects outwards.',
  agent: { program: 'collector' },
  config: fields.object({}),
  setup: [
    {
      title: 'Choose the server',
      text: [
        'Use a member server of the domain you want to read, or any machine that reaches its domain controllers.',
        'It must reach a domain controller on TCP 636 (LDAPS), or on TCP 389 with StartTLS, and this server over HTTPS.',
        'Have a **service account** ready that is a domain user, a member of **Event Log Readers**, and may read the **Deleted Objects** container.',
        'For on-premises Password Safe, have its address, an API key and the name of the user that the key runs as.',
      ],
    },
  ],
  point: () => '',
  connect: () => {
    throw new Fault('misconfigured', 'A collector cannot be asked from here: it reports by itself.');
  },
  check: async () => [],
  streams: {},
});
