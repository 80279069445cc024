import { Button } from '@mantine/core';

/** What of a paged query the button needs (TanStack Query's infinite queries have it). */
interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** The next page of a list; not there when there is none. */
export function ShowMore({ of, label }: { readonly of: Paged; readonly label: string }) {
  if (!of.hasNextPage) return null;
  return (
    <p className="more">
      <Button variant="default" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
        {label}
      </Button>
    </p>
  );
}
