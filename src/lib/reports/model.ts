import { z } from 'zod';
import { STEP_KINDS, SUBJECT_KINDS, TARGETS, type SubjectKind } from '#lib/clocks/model.ts';
import { LEAD_MODE_LABELS, LEAD_MODES, LEAD_STATUSES } from '#lib/leads/model.ts';
import { REPORTS } from './names.ts';

export const PIPELINE_GROUPS = ['team', 'rm', 'product', 'source'] as const;
export type PipelineGroup = (typeof PIPELINE_GROUPS)[number];

/** What a list behind a figure is of. */
export const ROW_KINDS = [...REPORTS, 'pipeline'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export const KIND_LABELS: Record<SubjectKind, string> = {
  query: 'Query',
  request: 'Request',
  lead: 'Lead',
  client: 'Client'
};

export const AGES = ['week', 'month', 'quarter', 'longer'] as const;
export type Age = (typeof AGES)[number];
export const AGE_LABELS: Record<Age, string> = {
  week: '0–7 days',
  month: '8–30 days',
  quarter: '31–90 days',
  longer: 'Over 90 days'
};

/** How open work stands to the time it was promised for. */
export const LATENESS = ['none', 'in_time', 'day', 'week', 'longer'] as const;
export type Lateness = (typeof LATENESS)[number];
export const LATENESS_LABELS: Record<Lateness, string> = {
  none: 'No due time',
  in_time: 'Not due yet',
  day: 'Due up to a day ago',
  week: 'Due 2–7 days ago',
  longer: 'Due over a week ago'
};

/** What became of a portfolio review that was due. */
export const REVIEW_OUTCOMES = ['in_time', 'late', 'overdue', 'coming'] as const;
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];
/** How active clients stand now. */
export const COVERAGE = ['any', 'reviewed', 'planned', 'overdue', 'unplanned', 'never'] as const;

export const PROMISE_OUTCOMES = ['kept', 'late'] as const;
/** What a nightly report counts beside how many leads stand where. */
export const FLOWS = ['created', 'moved', 'converted', 'denied'] as const;

const id = z.number().int().positive();
const day = z.iso.date();
/** An id, or nobody's. */
const idOrNone = z.union([id, z.literal('none')]);

export const SOURCES = [...LEAD_MODES, 'none'] as const;
/** The mode of communication a lead came by. */
export type Source = (typeof SOURCES)[number];
export const SOURCE_LABELS: Record<Source, string> = { ...LEAD_MODE_LABELS, none: 'Not said' };

/** What reports are narrowed by: firm dates, both included, and who has the record now. */
const common = {
  from: day.optional(),
  to: day.optional(),
  team: idOrNone.optional(),
  person: idOrNone.optional(),
  /** Queries, requests, leads or clients. */
  kind: z.enum(SUBJECT_KINDS).optional(),
  requestType: id.optional()
};

const promises = { ...common, target: z.enum(TARGETS).optional() };
const escalations = { ...common, step: z.enum(STEP_KINDS).optional(), policy: id.optional() };
const referrals = {
  ...common,
  /** A client's id, `c12`; free text, `t` and the words in lower case; `none`; `hidden`: clients the actor does not see. */
  giver: z.string().max(201).optional(),
  source: z.enum(SOURCES).optional()
};

/** Takes nothing, and refuses unknown keys all the same. */
export const overviewInput = z.strictObject({}).optional();
export const promisesInput = z.strictObject(promises);
export const ageingInput = z.strictObject(common).omit({ from: true, to: true });
export const escalationsInput = z.strictObject(escalations);
export const reviewsInput = z.strictObject(common).omit({ kind: true, requestType: true });
export const referralsInput = z.strictObject(referrals).omit({ kind: true, requestType: true });

/** What each report is narrowed by. */
export const reportInputs = {
  promises: promisesInput,
  ageing: ageingInput,
  escalations: escalationsInput,
  reviews: reviewsInput,
  referrals: referralsInput
};

export const pipelineInput = z.strictObject({
  /** A firm date; the latest report when left out. */
  onDate: day.optional(),
  /** The date to compare with; the report before, about a month back, when left out. */
  compareWith: day.optional(),
  groupBy: z.enum(PIPELINE_GROUPS).optional()
});

const exported = <Name extends string, Filter extends z.ZodType>(name: Name, filter: Filter) =>
  z.strictObject({
    report: z.literal(name),
    /** Key of one of its tables. */ table: z.string().max(30),
    filter
  });

/** A table of a report to be taken away as a file. */
export const exportReportInput = z.discriminatedUnion('report', [
  exported('promises', promisesInput),
  exported('ageing', ageingInput),
  exported('escalations', escalationsInput),
  exported('reviews', reviewsInput),
  exported('referrals', referralsInput),
  exported('pipeline', pipelineInput)
]);
export type ExportReportInput = z.infer<typeof exportReportInput>;

/** The rows behind one figure: the report's filter, and what its row and column mean. */
export const rowsInput = z.strictObject({
  ...promises,
  ...escalations,
  ...referrals,
  of: z.enum(ROW_KINDS),
  outcome: z.enum([...PROMISE_OUTCOMES, 'due', 'in_time', 'overdue', 'coming']).optional(),
  /** Whether the three shares of the time are known. */
  split: z.boolean().optional(),
  age: z.enum(AGES).optional(),
  late: z.enum([...LATENESS, 'any']).optional(),
  coverage: z.enum(COVERAGE).optional(),
  status: z.enum([...LEAD_STATUSES, 'open']).optional(),
  product: idOrNone.optional(),
  reason: z.string().max(50).optional(),
  flow: z.enum(FLOWS).optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

export type ReportFilter = z.infer<z.ZodObject<typeof common>> &
  Partial<z.infer<z.ZodObject<typeof promises & typeof escalations & typeof referrals>>>;
export type PipelineInput = z.infer<typeof pipelineInput>;
export type RowsInput = z.infer<typeof rowsInput>;
export type Narrowing = Omit<RowsInput, 'cursor' | 'limit'>;
