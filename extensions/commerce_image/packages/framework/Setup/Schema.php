<?php

declare(strict_types=1);

namespace Magento\Framework\Setup;

use Magento\Framework\App\ResourceConnection;

/**
 * Makes the tables and the rows that a store begins with; those that are there stay as they are.
 */
class Schema
{
    private const SCHEMA = __DIR__ . '/schema.sql';
    private const INITIAL_DATA = __DIR__ . '/initial-data.sql';

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function create(): void
    {
        $this->runFile(self::SCHEMA);
    }

    public function fill(): void
    {
        $this->runFile(self::INITIAL_DATA);
    }

    private function runFile(string $path): void
    {
        foreach (array_filter(array_map(trim(...), explode(";\n", file_get_contents($path)))) as $statement) {
            $this->resource->query($statement);
        }
    }
}
