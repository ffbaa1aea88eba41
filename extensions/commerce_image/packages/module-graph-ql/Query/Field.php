<?php

declare(strict_types=1);

namespace Magento\GraphQl\Query;

/**
 * A field that a client asks for.
 */
class Field
{
    /**
     * @param string $alias the key in the answer; the name, where the client gave no other
     * @param array<string, mixed> $arguments
     * @param list<Field> $fields what is asked for of this field's value
     * @param int $line 1 for the first
     * @param int $column 1 for the first
     */
    public function __construct(
        public readonly string $name,
        public readonly string $alias,
        public readonly array $arguments,
        public readonly array $fields,
        public readonly int $line,
        public readonly int $column,
    ) {
    }
}
