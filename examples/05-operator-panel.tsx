// Who is free, who rings, who talks. With 2,000 extensions only the rows that change are drawn again; in blocks, because
// React looks at every row of a list to draw one of them.
import type { PbxClient } from "@pbx-x/client";
import {
  PbxProvider,
  useCalls,
  useChannels,
  useConnection,
  useExtension,
  useExtensionNumbers,
  useRegistrations,
} from "@pbx-x/client/react";
import { memo, useMemo } from "react";

const Row = memo(({ number }: { readonly number: string }) => {
  const extension = useExtension(number);
  const phones = useRegistrations(number);
  const [call] = useCalls({ number });
  const state = call?.state ?? (phones.length > 0 ? "free" : "no phone");
  return (
    <li>
      {number} {extension?.displayName ?? ""}: {state}
    </li>
  );
});

const blockSize = 50;
const Block = memo(({ numbers }: { readonly numbers: readonly string[] }) =>
  numbers.map((number) => <Row key={number} number={number} />),
);

function Connection() {
  const state = useConnection();
  if (state.at === "offline") return <p role="alert">No connection: {state.cause.message}</p>;
  if (state.at === "closed") return <p role="alert">{state.message}</p>;
  return state.at === "live" ? null : <p>Connecting …</p>;
}

function Panel() {
  useChannels(["calls", "extensions"]);
  const numbers = useExtensionNumbers();
  const blocks = useMemo(() => {
    const count = Math.ceil(numbers.length / blockSize);
    return Array.from({ length: count }, (_, index) => numbers.slice(index * blockSize, (index + 1) * blockSize));
  }, [numbers]);
  return (
    <>
      <Connection />
      <ul>
        {blocks.map((block) => (
          <Block key={block[0]} numbers={block} />
        ))}
      </ul>
    </>
  );
}

export function OperatorPanel({ client }: { readonly client: PbxClient }) {
  return (
    <PbxProvider client={client}>
      <Panel />
    </PbxProvider>
  );
}
