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
export { Paging } from './list/Paging.tsx';
export { type Query, useParam, usePlace, useQuery } from './list/place.ts';
export { RemoveButton } from './list/RemoveButton.tsx';
export { type ListChoice, ServerList, type ServerListProps } from './list/ServerList.tsx';
export { StepsTest } from './list/StepsTest.tsx';
export { useForm } from './list/use-form.ts';
export { useSend } from './list/use-send.ts';
export { MarkdownLite, OutsideLink } from './MarkdownLite.tsx';
export { MailPage } from './mail/MailPage.tsx';
export { Notice } from './Notice.tsx';
export { type Fact, Facts, Page, Section } from './Page.tsx';
export { ProgressPanel, type ProgressRow } from './ProgressPanel.tsx';
export { Problem, toProblem } from './problem.ts';
export { get, useApi, useRefresh } from './program/client.ts';
export { useCrumbs } from './program/crumbs.tsx';
export { NotFound } from './program/NotFound.tsx';
export { ProgramShell, type WayByKeys } from './program/ProgramShell.tsx';
export { type ApiPath, at } from './program/path.ts';
export { PersonPage } from './program/person/PersonPage.tsx';
export { usePerson } from './program/program.ts';
export { type PageAt, pageAt } from './program/router.tsx';
export { send } from './program/send.ts';
export { useShownPath } from './program/shown-path.ts';
export { startProgram } from './program/start.tsx';
export { Tabs } from './program/Tabs.tsx';
export { QrCode } from './QrCode.tsx';
export { RelativeTime } from './RelativeTime.tsx';
export { ShownOnce } from './ShownOnce.tsx';
export { SideScroll } from './SideScroll.tsx';
export { type Step, Steps } from './Steps.tsx';
export type { NavSection } from './shell/Navigation.tsx';
export { TenantSwitcher } from './shell/TenantSwitcher.tsx';
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
