/** What `hive verify --json` writes. */
export interface VerifyReport {
  version: number;
  answer: string;
  end_code: string;
  reason: string;
  runs: { intensity: number; seconds: number; verdict: string }[];
}
