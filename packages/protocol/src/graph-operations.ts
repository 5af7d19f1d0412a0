/** The routes of entities and of the graph between them. */

import { entitiesQuery, entitiesWire, entityQuery, entityViewWire } from "./entities.ts";
import { memoryExample } from "./examples.ts";
import { graphQuery, graphWire } from "./graph.ts";
import type { Operation } from "./operation.ts";

const NO_USER = "Without `userId` it is about the memories that belong to no user, and needs an `admin` key.";

const ana = { id: "0b0f6a3e-5a8c-5d11-9c4e-2f6d8a1b3c5d", name: "Ana", type: "person" };
const lisbon = { id: "7d2c9e41-13b6-5f0a-8e57-4a9b6c3d2e1f", name: "Lisbon", type: "location" };
const times = { firstSeenAt: memoryExample.createdAt, lastSeenAt: memoryExample.createdAt };

export const graphOperations: readonly Operation[] = [
  {
    id: "listEntities",
    method: "get",
    path: "/api/entities",
    tag: "Recall",
    summary: "Whom and what a user's memories name",
    description: `Most often named first. One read ranks 5,000 entities; of a user with more (\`ranked: false\`) the others follow in the order of ids. ${NO_USER}`,
    grant: "read",
    query: entitiesQuery,
    answers: [
      {
        status: 200,
        description: "One page. It may be shorter than the limit and still have a successor.",
        schema: entitiesWire,
        example: { items: [{ ...ana, aliases: [], frequency: 12, ...times }], nextCursor: null, ranked: true },
      },
    ],
  },
  {
    id: "getEntity",
    method: "get",
    path: "/api/entities/{id}",
    tag: "Recall",
    summary: "An entity, its relations and what it is named with",
    description: NO_USER,
    grant: "read",
    query: entityQuery,
    answers: [
      {
        status: 200,
        description: "Relations strongest first; neighbours from the newest 200 memories that name it.",
        schema: entityViewWire,
        example: {
          ...ana,
          aliases: [],
          frequency: 12,
          ...times,
          relations: [
            {
              type: "home",
              from: { id: ana.id, name: ana.name },
              to: { id: lisbon.id, name: lisbon.name },
              strength: 0.97,
              confidence: 0.9,
              occurrenceCount: 2,
              validFrom: memoryExample.createdAt,
              validTo: null,
              memoryIds: [memoryExample.id],
            },
          ],
          neighbours: [{ ...lisbon, frequency: 5, count: 4, strength: 0.52 }],
          memoryIds: [memoryExample.id],
        },
      },
    ],
    errors: ["entity.not_found"],
  },
  {
    id: "graph",
    method: "get",
    path: "/api/graph",
    tag: "Recall",
    summary: "What surrounds an entity, one or two steps away",
    description: `Relations with their validity, and \`coOccurs\` for what is named together. ${NO_USER}`,
    grant: "read",
    query: graphQuery,
    answers: [
      {
        status: 200,
        description: "The entity asked for first, then the nearest and strongest.",
        schema: graphWire,
        example: {
          nodes: [
            { ...ana, frequency: 12 },
            { ...lisbon, frequency: 5 },
          ],
          edges: [
            {
              from: ana.id,
              to: lisbon.id,
              type: "coOccurs",
              strength: 0.52,
              validFrom: null,
              validTo: null,
              memoryIds: [memoryExample.id],
            },
          ],
        },
      },
    ],
    errors: ["entity.not_found"],
  },
];
