import type { Agent } from '@gatehouse/host/agent';

export const collector: Agent = { word: 'collector', name: 'collector', title: 'Collector' };
