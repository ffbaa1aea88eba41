<?php

declare(strict_types=1);

namespace Magento\GraphQl\Query;

/**
 * A query or a mutation.
 */
class Operation
{
    public const QUERY = 'Query';
    public const MUTATION = 'Mutation';

    /**
     * @param string $type QUERY or MUTATION
     * @param list<Field> $fields
     */
    public function __construct(
        public readonly string $type,
        public readonly array $fields,
    ) {
    }
}
