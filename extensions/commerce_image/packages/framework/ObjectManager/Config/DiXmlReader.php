<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Config;

use InvalidArgumentException;
use Magento\Framework\App\AreaList;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Config\XmlFile;
use Magento\Framework\Module\ModuleList;
use SimpleXMLElement;

/**
 * Merges app/etc/di.xml and the enabled modules' etc/di.xml and etc/AREA/di.xml; the later file wins.
 */
class DiXmlReader
{
    private const FILE = 'di.xml';
    private const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

    public function __construct(
        private readonly ModuleList $moduleList,
        private readonly DirectoryList $directoryList,
    ) {
    }

    /**
     * @return array{preferences: array<string, string>, types: array<string, array>, plugins: array<string, array>}
     */
    public function read(string $area): array
    {
        $files = [
            $this->directoryList->getConfig() . '/' . self::FILE,
            ...$this->moduleList->findConfigFiles(self::FILE),
            ...($area === AreaList::GLOBAL ? [] : $this->moduleList->findConfigFiles(self::FILE, $area)),
        ];
        $config = ['preferences' => [], 'types' => [], 'plugins' => []];
        foreach ($files as $file) {
            $xml = XmlFile::read($file);
            foreach ($xml->preference as $preference) {
                $for = $this->name($preference['for']);
                $config['preferences'][$for] = $this->name($preference['type']);
            }
            foreach ($xml->type as $type) {
                $name = $this->name($type['name']);
                $arguments = $this->readItems($type->arguments->argument ?? []);
                $config['types'][$name] = array_replace_recursive($config['types'][$name] ?? [], $arguments);
                foreach ($type->plugin as $plugin) {
                    $known = $config['plugins'][$name][(string)$plugin['name']] ?? [];
                    $config['plugins'][$name][(string)$plugin['name']] = $this->readPlugin($plugin) + $known;
                }
            }
        }

        return $config;
    }

    /**
     * @param iterable<SimpleXMLElement> $items <argument> or <item>
     * @return array<string, array> name => argument
     */
    private function readItems(iterable $items): array
    {
        $arguments = [];
        foreach ($items as $item) {
            $arguments[(string)$item['name']] = $this->readItem($item);
        }

        return $arguments;
    }

    /**
     * @return array<string, mixed>
     */
    private function readItem(SimpleXMLElement $item): array
    {
        $text = trim((string)$item);

        return match ((string)$item->attributes(self::XSI)['type']) {
            'object' => ['_i_' => $this->name($text)],
            'string' => ['_v_' => $text],
            'number' => ['_v_' => $text + 0],
            'boolean' => ['_v_' => in_array(strtolower($text), ['true', '1'], true)],
            'const' => ['_v_' => constant($text)],
            'null' => ['_vn_' => true],
            'array' => ['_vac_' => $this->readItems($item->item)],
            default => throw new InvalidArgumentException("di.xml: \"{$item['name']}\" has no type that is known."),
        };
    }

    /**
     * @return array{instance?: string, sortOrder?: int, disabled?: bool} what the element says
     */
    private function readPlugin(SimpleXMLElement $plugin): array
    {
        $says = fn (string $attribute): bool => isset($plugin[$attribute]);

        return ($says('type') ? ['instance' => $this->name($plugin['type'])] : [])
            + ($says('sortOrder') ? ['sortOrder' => (int)$plugin['sortOrder']] : [])
            + ($says('disabled') ? ['disabled' => in_array((string)$plugin['disabled'], ['true', '1'], true)] : []);
    }

    private function name(string|SimpleXMLElement $name): string
    {
        return ltrim((string)$name, '\\');
    }
}
