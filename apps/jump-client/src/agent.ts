import type { Agent } from '@gatehouse/host/agent';

export const jumpClient: Agent = { word: 'jump-client', name: 'Jump Client', title: 'Jump Client' };
