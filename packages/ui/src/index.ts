export {
  FindingStateBadge,
  HealthBadge,
  PrivilegeBadge,
  RunStateBadge,
  SeverityBadge,
  WordBadge,
} from './badges.tsx';
export { ConfirmDialog } from './ConfirmDialog.tsx';
export { CopyField } from './CopyField.tsx';
export { SchemaForm } from './form/SchemaForm.tsx';
export {
  type FieldSchema,
  type FormErrors,
  type FormValues,
  missingFields,
  sentValues,
  startValues,
} from './form/schema.ts';
export { count, formatAgo, formatDuration, formatNumber, formatShort, formatTime, wordsOf } from './format.ts';
export { JsonView } from './JsonView.tsx';
export { Logo } from './Logo.tsx';
export { MarkdownLite, OutsideLink } from './MarkdownLite.tsx';
export { Notice } from './Notice.tsx';
export { type Fact, Facts, Page, Section } from './Page.tsx';
export { ProgressPanel, type ProgressRow } from './ProgressPanel.tsx';
export { Problem, toProblem } from './problem.ts';
export { CrumbsContext, useCrumbs } from './program/crumbs.tsx';
export { takeLinks } from './program/links.ts';
export { PersonPage } from './program/person/PersonPage.tsx';
export { type ApiPath, at, PersonContext, type Program, ProgramContext, usePerson } from './program/program.tsx';
export { SignIn } from './program/SignIn.tsx';
export { parseSearch, stringifySearch } from './program/search.ts';
export { send } from './program/send.ts';
export { Tabs } from './program/Tabs.tsx';
export { Welcome } from './program/Welcome.tsx';
export { QrCode } from './QrCode.tsx';
export { RelativeTime } from './RelativeTime.tsx';
export { type Step, Steps } from './Steps.tsx';
export type { AppLink } from './shell/AppsMenu.tsx';
export type { Crumb } from './shell/Crumbs.tsx';
export type { NavSection } from './shell/Navigation.tsx';
export { Shell } from './shell/Shell.tsx';
export { TenantSwitcher } from './shell/TenantSwitcher.tsx';
export { type Shortcut, Shortcuts } from './shortcuts.tsx';
export { EmptyState, ErrorState, Loaded, LoadingState } from './states.tsx';
export { Tag, type Tone } from './Tag.tsx';
export { Timeline, type TimelineEntry } from './Timeline.tsx';
export { CellValue } from './table/cell.tsx';
export { emptyView, parseView, type TableColumn, type TablePage, type TableView, viewQuery } from './table/column.ts';
export { DataTable } from './table/DataTable.tsx';
export { Pager } from './table/Pager.tsx';
export { PickFilter } from './table/PickFilter.tsx';
export type { NamedView } from './table/SavedViews.tsx';
export { SearchBox } from './table/Toolbar.tsx';
export { toast } from './toast.tsx';
export { UiProvider } from './UiProvider.tsx';
export { WordList } from './WordList.tsx';
export { isWords } from './word-lines.ts';
