import { Badge } from '../ui/badge';

/** Says that a file describes something: it is changed there. */
export function FromFile() {
  return <Badge title="A file describes it. To change it, change the file and run hive apply.">from a file</Badge>;
}
