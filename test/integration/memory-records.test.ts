/** The record store of plain maps that other tests use, against the contract of transactions. */

import { systemClock } from "@nexus/core";
import { recordTransactionsContract } from "../contract/record-transactions.ts";
import { createMemoryRecords } from "../support/memory-records.ts";

recordTransactionsContract("plain maps", async () => createMemoryRecords(systemClock));
