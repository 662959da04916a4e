/** What every rule about certificate services says alike. */
export const certificateRule = {
  kind: 'recommendation',
  connectors: ['insights-collector'],
  mitre: ['T1649'],
} as const;
