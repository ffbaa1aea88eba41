<?php

declare(strict_types=1);

namespace Magento\CloudPatches\Command;

use Magento\CloudPatches\Catalogue;
use Magento\CloudPatches\Patch;
use Magento\CloudPatches\PatchException;
use Magento\CloudPatches\Status;
use Magento\CloudPatches\StatusReader;
use Magento\CloudPatches\Store;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Helper\Table;
use Symfony\Component\Console\Helper\TableSeparator;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

final class StatusCommand extends Command
{
    private const TITLE_WIDTH = 60;
    private const ORIGIN = 'Adobe Commerce Support';

    public function __construct(
        private readonly Store $store,
        private readonly Catalogue $catalogue,
        private readonly StatusReader $statusReader,
    ) {
        parent::__construct('status');
    }

    protected function configure(): void
    {
        $this->setDescription('Shows the list of available patches and their statuses');
        $this->addOption('format', 'f', InputOption::VALUE_OPTIONAL, 'Output format', 'table');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        try {
            $rows = $this->rows();
        } catch (PatchException $e) {
            $output->writeln($e->getMessage());

            return self::FAILURE;
        }
        if ($input->getOption('format') === 'json') {
            $output->write($this->json($rows), false, OutputInterface::OUTPUT_RAW);
        } else {
            $this->renderTable($rows, $output);
            $output->writeln($this->store->describe());
        }

        return self::SUCCESS;
    }

    /** @return list<array<string, string>> */
    private function rows(): array
    {
        $patches = $this->catalogue->patches();
        $statuses = $this->statusReader->read($patches);

        return array_values(array_map(fn (Patch $patch): array => $this->row($patch, $statuses[$patch->id]), $patches));
    }

    /** @return array<string, string> */
    private function row(Patch $patch, Status $status): array
    {
        return [
            'Id' => $patch->id,
            'Title' => chunk_split($patch->title, self::TITLE_WIDTH, "\n"),
            'Category' => implode("\n", $patch->categories),
            'Origin' => self::ORIGIN,
            'Status' => $status->value,
            'Details' => implode("\n", $this->details($patch)),
        ];
    }

    /** @return list<string> */
    private function details(Patch $patch): array
    {
        $details = ['Patch type: ' . ($patch->isDeprecated ? 'Deprecated' : 'Optional')];
        if ($patch->replacement !== '') {
            $details[] = "Recommended replacement: $patch->replacement";
        }
        $lists = ['Required patches:' => $patch->required, 'Affected components:' => $patch->components()];
        foreach ($lists as $title => $items) {
            if ($items !== []) {
                array_push($details, $title, ...array_map(static fn (string $item): string => " - $item", $items));
            }
        }

        return $details;
    }

    /**
     * With an indent of two.
     *
     * @param list<array<string, string>> $rows
     */
    private function json(array $rows): string
    {
        $json = json_encode($rows, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);

        return preg_replace('~^( +)\1~m', '$1', $json);
    }

    /** @param list<array<string, string>> $rows */
    private function renderTable(array $rows, OutputInterface $output): void
    {
        $table = new Table($output);
        $table->setHeaders(['Id', 'Title', 'Category', 'Origin', 'Status', 'Details']);
        foreach ($rows as $number => $row) {
            if ($number > 0) {
                $table->addRow(new TableSeparator());
            }
            $table->addRow(array_map(trim(...), array_values($row)));
        }
        $table->render();
    }
}
