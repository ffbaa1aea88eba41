<?php

declare(strict_types=1);

namespace Magento\Customer\Model;

/**
 * A row of customer_entity.
 */
class Customer
{
    /**
     * @param array<string, mixed> $data column => value
     */
    public function __construct(private array $data = [])
    {
    }

    public function getId(): int
    {
        return (int)($this->data['entity_id'] ?? 0);
    }

    public function getData(string $column): mixed
    {
        return $this->data[$column] ?? null;
    }

    public function setData(string $column, mixed $value): self
    {
        $this->data[$column] = $value;

        return $this;
    }

    /**
     * @param array<string, mixed> $data column => value
     */
    public function addData(array $data): self
    {
        $this->data = $data + $this->data;

        return $this;
    }

    /**
     * @return array<string, mixed> column => value
     */
    public function toArray(): array
    {
        return $this->data;
    }
}
