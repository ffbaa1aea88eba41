<?php

declare(strict_types=1);

namespace Magento\Framework\App\Cache;

/**
 * Cleans and flushes cache types, and nothing besides: no event is dispatched from here.
 */
class Manager
{
    public function __construct(
        private readonly TypePool $typePool,
        private readonly TypeList $typeList,
    ) {
    }

    /**
     * Removes the entries of these types.
     *
     * @param list<string> $types
     */
    public function clean(array $types): void
    {
        array_walk($types, fn (string $type) => $this->typePool->clean($type));
    }

    /**
     * Empties the whole storage that each of these types lies in.
     *
     * @param list<string> $types
     */
    public function flush(array $types): void
    {
        array_walk($types, fn (string $type) => $this->typePool->flush($type));
    }

    /**
     * @return array<string, int> type => 1 or 0
     */
    public function getStatus(): array
    {
        $states = array_map(fn (string $type): int => (int)$this->typeList->isEnabled($type), TypeList::NAMES);

        return array_combine(TypeList::NAMES, $states);
    }

    /**
     * @param list<string> $types
     * @return list<string> those that were not so before
     */
    public function setEnabled(array $types, bool $isEnabled): array
    {
        return $this->typeList->setEnabled($types, $isEnabled);
    }

    /**
     * @return list<string>
     */
    public function getAvailableTypes(): array
    {
        return TypeList::NAMES;
    }
}
