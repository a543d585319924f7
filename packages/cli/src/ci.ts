import { appendFileSync } from 'node:fs';
import { HiveError, type Comparison } from '@hive/contract';
import type { ReportData } from '@hive/report';
import type { CliConfig } from './config.js';

/** What `--gitlab` writes, to be named in .gitlab-ci.yml. */
export const GITLAB_FILES = ['hive-junit.xml', 'hive-metrics.prom'];

/** Where GitHub Actions wants the summary of a job. */
const SUMMARY = 'GITHUB_STEP_SUMMARY';

/** @throws HiveError `validation` outside of GitHub Actions. */
export function checkGithub({ environment }: CliConfig): void {
  if (environment[SUMMARY]) return;
  throw new HiveError('validation', `--github: ${SUMMARY} is not set`, {
    hint: 'GitHub Actions sets it in every job; elsewhere use --report FILE.md',
  });
}

/** Adds a report to the summary of the job, and its annotations to the log, on stderr: GitHub reads both streams. */
export async function tellGithub(report: ReportData, { environment }: CliConfig): Promise<void> {
  const { annotationsOf, renderReport, workflowCommand } = await import('@hive/report');
  for (const annotation of annotationsOf(report)) process.stderr.write(`${workflowCommand(annotation)}\n`);
  for await (const part of renderReport(report, 'md')) appendFileSync(environment[SUMMARY] as string, part);
}

/** The same of a comparison. */
export async function tellGithubCompared(comparison: Comparison, { environment }: CliConfig): Promise<void> {
  const { annotationsOfComparison, comparisonMarkdown, workflowCommand } = await import('@hive/report');
  for (const annotation of annotationsOfComparison(comparison))
    process.stderr.write(`${workflowCommand(annotation)}\n`);
  appendFileSync(environment[SUMMARY] as string, comparisonMarkdown(comparison));
}
