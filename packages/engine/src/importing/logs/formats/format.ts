import type { Mapping } from '../../mapping.js';

/** One line of a log. */
export interface LogEntry {
  /** Each byte as one character (Latin-1), without its end. */
  text: string;
  /** What the line says where it is a JSON object. */
  json: Mapping | null;
}

/** What a line says about one request, as it is written. */
export interface Logged {
  method: string;
  /** A path with its query, or an absolute URL; each character stands for a byte. */
  target: string;
  /** 0 where no answer came; null where the log does not say it. */
  status: number | null;
  /** Null where the log does not say it. */
  host: string | null;
}

/** `directive`: a line about the lines that follow. Null: the line is not of this format. */
export type ReadLogEntry = (entry: LogEntry) => Logged | 'directive' | null;

/** One format of access logs. */
export interface LogFormat {
  /** As people know it. */
  name: string;
  /** A reader for one log; it may remember what earlier lines said. */
  reader(): ReadLogEntry;
}
