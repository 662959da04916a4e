interface CaseSessionsProps {
  readonly caseId: string;
  /** As people write it: `SC-1024`. */
  readonly number: string;
}

/** The place of support sessions on the page of a case. */
export function CaseSessions(_: CaseSessionsProps) {
  return null;
}
