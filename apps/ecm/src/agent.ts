import type { Agent } from '@gatehouse/host/agent';

export const ecm: Agent = { word: 'ecm', name: 'ECM', title: 'ECM' };
