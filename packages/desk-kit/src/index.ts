export { checkDesk, type Step, type StepResult, type Untried } from './check.ts';
export {
  type AnyDesk,
  type Desk,
  type Draft,
  defineDesk,
  erasedDesk,
  type FieldsWritten,
  type HeardRequest,
  type IfVersion,
  type NoteWritten,
  type Notice,
  type PersonQuestion,
  type SetUp,
  type SetUpAround,
  type Written,
} from './desk.ts';
export { type Mapping, mappedFields, mappedNames } from './mapping.ts';
export { isSameNote, type Marker, markerIn, markerPrefix, markerText, type Note, oneLine } from './note.ts';
export { fieldResults, fieldsFrom } from './results.ts';
export { escapeHtml, plainText, safeHtml } from './safe-html.ts';
export { noteStep, type Probe, probeOf, transportStep, tryFields } from './steps.ts';
export {
  asKept,
  type DeskPerson,
  type FieldResult,
  type FieldValues,
  given,
  holds,
  type LogicalField,
  listOf,
  logicalFieldNames,
  logicalFields,
  startWords,
  type Ticket,
} from './ticket.ts';
export { isProven } from './webhook.ts';
