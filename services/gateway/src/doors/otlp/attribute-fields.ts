import { eachField, type FieldReader, int64, messageEnd } from '../protobuf-fields.ts';

// KeyValue { string key = 1; AnyValue value = 2; }
// AnyValue { oneof { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; … } }

/** Reads a `KeyValue` and adds it, its value as text; one that is an array, a map or bytes is left out. */
export function readAttribute(reader: FieldReader, end: number, into: [string, string][]): void {
  let name = '';
  let value: string | null = null;
  eachField(reader, end, (id, wireType) => {
    if (wireType !== 2) return false;
    if (id === 1) name = reader.string();
    else if (id === 2) value = readValue(reader, messageEnd(reader, end));
    else return false;
    return true;
  });
  if (value !== null) into.push([name, value]);
}

function readValue(reader: FieldReader, end: number): string | null {
  let value: string | null = null;
  eachField(reader, end, (id, wireType) => {
    if (id === 1 && wireType === 2) value = reader.string();
    else if (id === 2 && wireType === 0) value = String(reader.bool());
    else if (id === 3 && wireType === 0) value = String(int64(reader));
    else if (id === 4 && wireType === 1) value = String(reader.double());
    else return false;
    return true;
  });
  return value;
}
