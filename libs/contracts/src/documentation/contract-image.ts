import {
  createFileRegistry,
  fromBinary,
  type DescEnum,
  type DescEnumValue,
  type DescField,
  type DescMessage,
  type FileRegistry,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { readFileSync } from 'node:fs';

/** The contracts with their comments, as `npm run generate` leaves them; generated code does not have the comments. */
export function loadContracts(): FileRegistry {
  const file = new URL('../../generated/contracts.binpb', import.meta.url);
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(file)));
}

/** What the `.proto` says above a declaration, in one line; empty when it says nothing. */
export function commentOf(desc: DescMessage | DescEnum | DescField | DescEnumValue): string {
  const path = pathOf(desc).join();
  const { sourceCodeInfo } = fileOf(desc).proto;
  const location = sourceCodeInfo?.location.find((l) => l.path.join() === path);
  return (location?.leadingComments ?? '').trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** The same without "Topic calls.initiated.", which begins the comment of an event. */
export function descriptionOf(desc: Parameters<typeof commentOf>[0]): string {
  return commentOf(desc).replace(/^Topic [a-z.]+\. /, '');
}

function fileOf(desc: Parameters<typeof commentOf>[0]) {
  return desc.kind === 'field' || desc.kind === 'enum_value' ? desc.parent.file : desc.file;
}

/**
 * Where a declaration stands, as numbers of fields and their indexes in `FileDescriptorProto` (descriptor.proto: 4 messages
 * of a file, 5 its enums; 2 fields, 3 nested messages and 4 nested enums of a message; 2 values of an enum).
 */
function pathOf(desc: Parameters<typeof commentOf>[0]): number[] {
  switch (desc.kind) {
    case 'field':
      return [...pathOf(desc.parent), 2, desc.parent.fields.indexOf(desc)];
    case 'enum_value':
      return [...pathOf(desc.parent), 2, desc.parent.values.indexOf(desc)];
    case 'message':
      return desc.parent
        ? [...pathOf(desc.parent), 3, desc.parent.nestedMessages.indexOf(desc)]
        : [4, desc.file.messages.indexOf(desc)];
    case 'enum':
      return desc.parent
        ? [...pathOf(desc.parent), 4, desc.parent.nestedEnums.indexOf(desc)]
        : [5, desc.file.enums.indexOf(desc)];
    default:
      return desc satisfies never;
  }
}
